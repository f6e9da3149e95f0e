using Maestro.Simulation;

return SimulationCommand.Run(args, Console.Out);
