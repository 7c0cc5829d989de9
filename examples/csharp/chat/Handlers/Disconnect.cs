using System.IO;
using System.Threading.Tasks;

namespace Chat.Handlers
{
    public class Disconnect
    {
        public async Task<Stream> Handle(Stream input)
        {
            using var message = new Event(input);
            await Connections.Remove(message.ConnectionId);
            return Answer.Ok();
        }
    }
}
