import { listOf, mapOf, TEXT } from '../../given/kind';
import { OptionsOf } from '../../given/options';

/**
 * Options of handlers that Maven builds.
 *
 * @see https://maven.apache.org/ref/current/maven-embedder/cli.html
 */
export interface MavenOptions {
  /**
   * Profiles to activate, as `-P` does.
   *
   * @default - those that are active by default
   */
  readonly profiles?: string[];

  /**
   * Properties, as `-D` sets them. They decide the asset, so they are in its hash.
   *
   * @default - none
   */
  readonly properties?: { [name: string]: string };
}

export const MAVEN_OPTIONS = {
  profiles: listOf(TEXT),
  properties: mapOf(TEXT),
} satisfies OptionsOf<MavenOptions>;
