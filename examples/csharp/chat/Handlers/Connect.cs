using System.IO;
using System.Threading.Tasks;

namespace Chat.Handlers
{
    public class Connect
    {
        public async Task<Stream> Handle(Stream input)
        {
            using var message = new Event(input);
            await Connections.Add(message.ConnectionId);
            return Answer.Ok();
        }
    }
}
