package io.agentledger.command.claude.host;

import java.nio.file.Path;

/**
 * A host directory that is mounted into a session's sandbox, as it was just checked.
 *
 * @param source real path, without links
 * @param identity its device and inode, which the sandbox verifies
 */
public record HostDirectory(String name, Path source, boolean writable, String identity) {}
