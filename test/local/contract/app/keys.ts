// Values of API keys: at least twenty letters and digits.

export const KEY = 'theKeyThatOpensThisStage';
export const KEY_OF_AUTHORIZER = 'theKeyThatTheAuthorizerGives';
