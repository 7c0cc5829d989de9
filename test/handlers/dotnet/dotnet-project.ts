import { HandlerRouteProps, Route } from '../../../src';
import { DOTNET } from '../../../src/handlers/dotnet/dotnet-language';
import { nugetLock, nugetPackage } from '../compiled/nuget-package';
import { hashWithoutBuild } from '../compiled/tool-chain';
import { sourceProject, synthesize, SynthesizedFunction, write } from '../source-project';

export const csproj = (more = '', framework = 'net10.0') => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>${framework}</TargetFramework>
  </PropertyGroup>
  ${more}
</Project>`;
/** A project for many frameworks. */
export const frameworks = (names: string) => csproj('', names).replaceAll('TargetFramework>', 'TargetFrameworks>');
export const SAY = 'using System.IO;\n\nnamespace Chat;\n\npublic class Say : Base {\n  public Stream Handle(Stream input) => input;\n  public static string Join(string text) => text;\n  void Hidden() { }\n  public class Inner { public void Run() { } }\n}\n';
export const APP = {
  'handlers/Chat/Chat.csproj': csproj('<ItemGroup><ProjectReference Include="..\\Words\\Words.csproj" /><PackageReference Include="Acme.Phrases" Version="1.*" /></ItemGroup>' +
    '<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile><RestoreLockedMode>true</RestoreLockedMode></PropertyGroup>'),
  'handlers/NuGet.config': '<configuration><packageSources><add key="beside" value="packages" /></packageSources></configuration>',
  'handlers/Chat/Say.cs': SAY,
  'handlers/Chat/Base.cs': 'namespace Chat;\n\npublic class Base { public string Inherited(string text) => Words.Word.Text; }\n',
  'handlers/Words/Words.csproj': csproj(),
  'handlers/Words/Word.cs': 'namespace Words;\n\npublic static class Word { public const string Text = "word"; }\n',
};
/** Its lock file is older than the newest version that there is. */
export function startProject() {
  sourceProject(APP);
  const [contentHash] = ['1.0.0', '1.1.0'].map((version) => nugetPackage('handlers/packages', version));
  write({ 'handlers/Chat/packages.lock.json': nugetLock('1.0.0', contentHash, { words: { type: 'Project' } }) });
}

export const OF_APP = { srcPath: 'handlers/Chat' };
export const HANDLER = 'Chat::Chat.Say::Handle';

export function csharp(handler = HANDLER, props: HandlerRouteProps = {}, outdir?: string): SynthesizedFunction {
  return synthesize({ a: Route.toHandler(handler, { ...OF_APP, ...props }) }, {}, outdir).a;
}

export function hash(props: HandlerRouteProps = {}): string {
  return hashWithoutBuild(DOTNET, HANDLER, { ...OF_APP, ...props });
}

export function hashOf({ properties }: SynthesizedFunction): string {
  return properties.Code.S3Key;
}
