namespace Spindle.Search;

/// <summary>A search cannot continue. The message says what to do. The results so far are kept.</summary>
public sealed class SearchException : Exception
{
    /// <summary>Creates the exception with a message.</summary>
    public SearchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public SearchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
