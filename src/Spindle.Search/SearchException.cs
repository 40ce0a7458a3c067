namespace Spindle.Search;

/// <summary>A search that cannot go on, with what to do in its message. What it has found so far is kept.</summary>
public sealed class SearchException : Exception
{
    /// <summary>A search that cannot go on.</summary>
    public SearchException(string message)
        : base(message)
    {
    }

    /// <summary>A search that cannot go on, and why.</summary>
    public SearchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
