import { listOf, TEXT } from '../../given/kind';
import { OptionsOf } from '../../given/options';

/**
 * Options of handlers in Go.
 *
 * @see https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
export interface GoOptions {
  /**
   * Arguments for the linker, such as `-X main.version=1.2.0`.
   *
   * @default '-s -w', which leaves out what only debuggers read
   */
  readonly ldflags?: string;

  /**
   * Build tags, beside `lambda.norpc`.
   *
   * @default - none
   * @see https://pkg.go.dev/cmd/go#hdr-Build_constraints
   */
  readonly tags?: string[];
}

export const GO_OPTIONS = {
  ldflags: TEXT,
  tags: listOf(TEXT),
} satisfies OptionsOf<GoOptions>;
