using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Tests.Text;

/// <summary>The ids of words seen before.</summary>
public class WordCacheTests
{
    [Fact]
    public void A_word_is_kept_with_its_own_ids_only()
    {
        var cache = new WordCache();
        List<int> ids = [1, 2, 3];
        Assert.False(cache.TryAppend("word", ids));
        cache.Keep("word", ids, from: 1);
        Assert.True(cache.TryAppend("word", ids));
        Assert.Equal([1, 2, 3, 2, 3], ids);
    }

    [Fact]
    public void It_never_holds_more_than_its_share_nor_long_words()
    {
        var cache = new WordCache();
        for (var number = 0; number < 2 * WordCache.Capacity + 5; number++)
        {
            cache.Keep($"{number}", [number], 0);
            if (number % 997 == 0) Assert.InRange(cache.Count, 1, WordCache.Capacity);
        }
        Assert.Equal(5, cache.Count);
        cache.Keep(new string('a', WordCache.LongestWord + 1), [1], 0);
        Assert.Equal(5, cache.Count);
    }
}
