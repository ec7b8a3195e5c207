package io.agentledger.store.permission;

/**
 * Paths that rules deny to every file tool.
 *
 * @param directories each with all that is below it
 * @param files by their very names: of a directory that has such a name, nothing below is meant
 */
public record FileToolDenials(DeniedPaths directories, DeniedPaths files) {}
