using System.Globalization;
using System.Runtime.InteropServices;
using Spindle.Models.Numerics;

namespace Spindle.Models.Tests.Numerics;

public sealed class KernelCacheTests
{
    private const string Variable = "ONEDNN_PRIMITIVE_CACHE_CAPACITY";

    private delegate nint GetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    private delegate int SetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [Fact]
    public void OneDnn_is_told_to_keep_few_products_unless_the_user_says_otherwise()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the C library of Linux is asked");
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) is null, "the user has chosen");
        var library = NativeLibrary.Load("libc.so.6");
        var get = Marshal.GetDelegateForFunctionPointer<GetVariable>(NativeLibrary.GetExport(library, "getenv"));
        var set = Marshal.GetDelegateForFunctionPointer<SetVariable>(NativeLibrary.GetExport(library, "setenv"));
        KernelCache.Limit();
        var kept = Marshal.PtrToStringUTF8(get(Variable))!;
        Assert.InRange(int.Parse(kept, CultureInfo.InvariantCulture), 16, 128);
        Assert.Equal(0, set(Variable, "512", 1));
        KernelCache.Limit();
        Assert.Equal("512", Marshal.PtrToStringUTF8(get(Variable)));
        Assert.Equal(0, set(Variable, kept, 1));
    }
}
