using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spindle.Search.Trials;

/// <summary>Derives seeds from the study's seed and their purpose. They are the same on every machine and in every process.</summary>
public static class DerivedSeed
{
    /// <summary>A seed from 0 to 2³¹ − 1: the first bits of the SHA-256 of the study's seed and the parts, each preceded by its length.</summary>
    /// <param name="studySeed">The study's seed.</param>
    /// <param name="parts">The purpose of the seed (stage, option, sample, task), in order.</param>
    public static int Derive(int studySeed, params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{studySeed}");
        foreach (var part in parts) text.Append(CultureInfo.InvariantCulture, $"|{part.Length}:{part}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return BinaryPrimitives.ReadInt32BigEndian(hash) & int.MaxValue;
    }
}
