namespace Spindle.Models.Numerics;

/// <summary>What libtorch's threads do while they wait for each other: they sleep instead of spinning, because a spinning thread takes the core of the one that it waits for.</summary>
public static class IdleThreads
{
    private const string Variable = "OMP_WAIT_POLICY";

    private const string Sleeping = "passive";

    // GNU's own variable for the same
    private const string SpinCount = "GOMP_SPINCOUNT";

    /// <summary>Makes the threads of this process sleep, unless the user's environment says otherwise. OpenMP reads it once, so this has no effect after libtorch was loaded.</summary>
    public static void Sleep()
    {
        if (!IsChosen) NativeEnvironment.Set(Variable, Sleeping);
    }

    private static bool IsChosen => Environment.GetEnvironmentVariable(Variable) is not null || Environment.GetEnvironmentVariable(SpinCount) is not null;
}
