using Xunit.Sdk;
using Xunit.v3;

// torch's generator of dropout and its number of threads are the process's: trials beside one another would change each other's scores
[assembly: Parallelization(Mode = ParallelMode.None)]
