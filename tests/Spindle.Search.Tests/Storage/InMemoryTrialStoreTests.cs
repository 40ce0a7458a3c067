using Spindle.Search.Storage;

namespace Spindle.Search.Tests.Storage;

public sealed class InMemoryTrialStoreTests : TrialStoreSuite
{
    protected override ITrialStore New() => new InMemoryTrialStore();

    protected override ITrialStore Another(ITrialStore store) => store;
}
