namespace Spindle.Hub;

/// <summary>The Hub could not be reached, or did not send what it promised. The message is one line that says what to do.</summary>
public sealed class HubException : Exception
{
    /// <summary>A failure.</summary>
    /// <param name="message">What went wrong; what to do.</param>
    /// <param name="inner">What caused it, or null.</param>
    public HubException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
