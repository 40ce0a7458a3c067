namespace Spindle.Architecture.Tests.Examples.Lambda
{
    namespace First
    {
        public sealed class End
        {
            public static Func<object> Maker(bool really) => () => really ? new Second.Beginning() : new object();
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
