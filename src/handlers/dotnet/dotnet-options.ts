import { mapOf, TEXT } from '../../given/kind';
import { OptionsOf } from '../../given/options';

/**
 * Options of handlers that .NET's tool chain builds.
 *
 * @see https://learn.microsoft.com/dotnet/core/tools/dotnet-publish
 */
export interface DotnetOptions {
  /**
   * Properties of MSBuild, as `-p` sets them: `{ 'PublishReadyToRun': 'true' }`. They decide the asset, so they are in its hash.
   *
   * @default - none
   */
  readonly properties?: { [name: string]: string };
}

export const DOTNET_OPTIONS = {
  properties: mapOf(TEXT),
} satisfies OptionsOf<DotnetOptions>;
