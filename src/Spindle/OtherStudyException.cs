namespace Spindle;

/// <summary>A folder holds the models of another study. The message names both, without a remedy, which depends on how the folder was named.</summary>
public sealed class OtherStudyException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which folder, and which study wrote it.</param>
    public OtherStudyException(string message)
        : base(message)
    {
    }
}
