namespace Spindle.Architecture.Tests.Examples.AsyncMethod
{
    namespace First
    {
        public sealed class End
        {
            public static async Task<string> Name()
            {
                await Task.Yield();
                return new Second.Beginning().ToString()!;
            }
        }
    }

    namespace Second
    {
        public sealed class Beginning
        {
            public First.End? Next { get; init; }
        }
    }
}
