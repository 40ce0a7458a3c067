using Spindle.Search.Storage;
using Spindle.Tests.Stores;

namespace Spindle.Search.Tests.Storage;

/// <summary>A store from outside <c>src</c>. <c>StudySearchTests</c> searches with it.</summary>
public sealed class OwnStoreTests : TrialStoreSuite
{
    protected override ITrialStore New() => new LoggedStore(new InMemoryTrialStore(), TextWriter.Null);

    protected override ITrialStore Another(ITrialStore store) => store;
}
