package io.agentledger.command.claude.host;

import java.nio.file.Path;

/**
 * A folder of the host that a session sees beside its workspace, as it was looked at a moment ago.
 *
 * @param source no link is in it
 * @param identity its device and inode: what the box shows must be this very folder
 */
public record HostDirectory(String name, Path source, boolean writable, String identity) {}
