namespace Spindle.Search.Storage;

/// <summary>A store whose whole content can be read and replaced.</summary>
internal interface ICopiedStore : ISharedTrialStore
{
    /// <summary>Reads the whole content, of one moment.</summary>
    /// <param name="use">Uses the content, and reads it only until it returns.</param>
    void ReadContent(Action<StoreContent> use);

    /// <summary>Replaces the whole content: all of it or nothing. Trials that were running wait again.</summary>
    /// <param name="content">The content.</param>
    void ReplaceContent(StoreContent content);
}
