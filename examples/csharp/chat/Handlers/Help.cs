using System.IO;

namespace Chat.Handlers
{
    /// <summary>Answers what no other route takes.</summary>
    public class Help
    {
        public Stream Handle(Stream input)
        {
            var usage = new { action = "sendMessage", data = "what everybody is to read" };
            return Answer.Ok(new { help = "send messages like this one", example = usage });
        }
    }
}
