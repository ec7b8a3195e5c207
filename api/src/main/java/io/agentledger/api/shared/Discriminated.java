package io.agentledger.api.shared;

/** A sealed value that is part of a message; in JSON it carries its {@code kind}. */
public interface Discriminated {}
