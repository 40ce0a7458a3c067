using System.Globalization;

namespace Spindle.Models.Numerics;

/// <summary>The compiled products that oneDNN keeps, one for each shape of its inputs. Rows of text have other shapes at every step, and oneDNN keeps 1,024 of them: about 200 MB that are hardly used again.</summary>
public static class KernelCache
{
    private const string Variable = "ONEDNN_PRIMITIVE_CACHE_CAPACITY";

    // of an earlier release, which oneDNN still reads
    private const string EarlierVariable = "DNNL_PRIMITIVE_CACHE_CAPACITY";

    // all products of two steps
    private const int Kept = 64;

    /// <summary>Limits their number in this process, unless the user's environment says otherwise. oneDNN reads it once, so this has no effect after the first product.</summary>
    public static void Limit()
    {
        if (Environment.GetEnvironmentVariable(EarlierVariable) is null) NativeEnvironment.Set(Variable, Kept.ToString(CultureInfo.InvariantCulture));
    }
}
