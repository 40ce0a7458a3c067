namespace Spindle.Hub;

/// <summary>A backbone or a data set that the Hub may have is not on this machine.</summary>
/// <param name="message">What is missing, and where it may be instead, in one line.</param>
/// <param name="what">What would have to be downloaded.</param>
/// <param name="name">The name to download.</param>
public sealed class NotDownloadedException(string message, HubContent what, string name) : DirectoryNotFoundException(message)
{
    /// <summary>What would have to be downloaded.</summary>
    public HubContent Content { get; } = what;

    /// <summary>The name to download: a repository's, or a data set's (<c>glue/rte</c>).</summary>
    public string Name { get; } = name;
}

/// <summary>What a download from the Hub contains.</summary>
public enum HubContent
{
    /// <summary>A backbone.</summary>
    Backbone,

    /// <summary>A data set.</summary>
    DataSet,
}
