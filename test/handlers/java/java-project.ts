import { HandlerRouteProps, Route } from '../../../src';
import { JAVA as LANGUAGE } from '../../../src/handlers/java/java-language';
import { hashWithoutBuild } from '../compiled/tool-chain';
import { synthesize, SynthesizedFunction } from '../source-project';

/** A project with plugins that every Java takes. */
export const pom = (artifact: string, more = '', release = '17') => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${more.includes('<parent>') ? '' : '<groupId>com.acme</groupId><version>1</version>'}
  <artifactId>${artifact}</artifactId>
  <properties>
    <maven.compiler.release>${release}</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><pluginManagement><plugins>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
    <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
  </plugins></pluginManagement></build>
  ${more}
</project>`;
export const SAY = 'src/main/java/com/acme/Say.java';
export const JAVA = 'package com.acme;\n\npublic class Say extends Base {\n  public String handleRequest(String text) { return text; }\n  public String join(String text) { return text; }\n  String hidden(String text) { return text; }\n}\n';
export const APP = {
  'handlers/pom.xml': pom('chat'),
  [`handlers/${SAY}`]: JAVA,
  'handlers/src/main/java/com/acme/Base.java': 'package com.acme;\n\npublic class Base {\n  public String inherited(String text) { return text; }\n}\n',
  'handlers/src/main/resources/words.txt': 'hello',
};
export const OF_APP = { srcPath: 'handlers' };
/** A library beside the handlers, both under one parent. */
export const MODULES = {
  'pom.xml': pom('parent', '<packaging>pom</packaging><modules><module>handlers</module><module>words</module><module>other</module></modules>'),
  'handlers/pom.xml': pom('chat', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent><dependencies><dependency><groupId>com.acme</groupId><artifactId>words</artifactId><version>1</version></dependency></dependencies>'),
  [`handlers/${SAY}`]: JAVA.replace(' extends Base', '').replace('return text;', 'return Words.WORD;'),
  'words/pom.xml': pom('words', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent>'),
  'words/src/main/java/com/acme/Words.java': 'package com.acme;\n\npublic class Words { public static final String WORD = "word"; }\n',
  'other/pom.xml': pom('other', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent>'),
};

export function java(handler = 'com.acme.Say::handleRequest', props: HandlerRouteProps = {}, outdir?: string): SynthesizedFunction {
  return synthesize({ a: Route.toHandler(handler, { ...OF_APP, ...props }) }, {}, outdir).a;
}

export function hash(props: HandlerRouteProps = {}): string {
  return hashWithoutBuild(LANGUAGE, 'com.acme.Say::handleRequest', { ...OF_APP, ...props });
}

export function hashOf({ properties }: SynthesizedFunction): string {
  return properties.Code.S3Key;
}
