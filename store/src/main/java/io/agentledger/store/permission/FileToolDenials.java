package io.agentledger.store.permission;

/**
 * Paths that rules deny to every file tool.
 *
 * @param directories each with everything below it
 * @param files exact names: nothing below a directory of that name is included
 */
public record FileToolDenials(DeniedPaths directories, DeniedPaths files) {}
