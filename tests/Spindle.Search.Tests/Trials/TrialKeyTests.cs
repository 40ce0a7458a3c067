using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Trials;

/// <summary>What a trial's key says to a reader.</summary>
public class TrialKeyTests
{
    [Theory]
    [InlineData(1, "learning rate 0.001, 1 epoch, 64 rows")]
    [InlineData(11, "learning rate 0.001, 11 epochs, 64 rows")]
    public void One_epoch_is_not_written_as_several_and_the_key_stays_as_earlier_stores_have_it(int epochs, string text)
    {
        var key = new TrialKey("rung 1", "lora", 0, "builtin/sentiment", epochs, 7) { Given = SideOptions.Given("", 0.001, epochs: epochs, rows: 64) };
        Assert.Equal(text, key.GivenText);
        Assert.Equal(FormattableString.Invariant($"learning rate 0.001, {epochs} epochs, 64 rows"), key.Given);
        Assert.Equal("", (key with { Given = "" }).GivenText);
    }
}
