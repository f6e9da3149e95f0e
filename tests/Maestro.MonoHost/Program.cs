using System;
using System.IO;
using System.Reflection;
using Maestro.MonoHost;

// Imports the module as PowerShell does, short of PowerShell: the nested module's initializer, then every type of the
// cmdlets. The engine that the cmdlets see is then run through one scenario.
var module = args[0];
var loader = Assembly.LoadFrom(Path.Combine(module, "Maestro.Loader.dll")).GetType("Maestro.Loader.ModuleLoader", throwOnError: true)!;
loader.GetMethod("OnImport")!.Invoke(Activator.CreateInstance(loader), null);
var cmdlets = Assembly.LoadFrom(Path.Combine(module, "Maestro.PowerShell.dll"));
Console.WriteLine($"cmdlet types: {(cmdlets.GetTypes().Length > 0 ? "all loaded" : "none")}");
var engine = cmdlets.GetType("Maestro.PowerShell.Hosting.OpenSession", throwOnError: true)!.GetProperty("Engine")!.PropertyType.Assembly;
Console.WriteLine($"engine from: {Path.GetFileName(Path.GetDirectoryName(engine.Location))}");

// The module serves nobody but itself, so this program finds the same files for its own references.
AppDomain.CurrentDomain.AssemblyResolve += (_, request) =>
    Path.Combine(module, "lib", "netfx", new AssemblyName(request.Name).Name + ".dll") is var path && File.Exists(path) ? Assembly.LoadFile(path) : null;
return LabScenario.Run();
