package io.agentledger.command.claude.box;

import java.nio.file.Path;

/**
 * A folder of the host that a session sees beside its workspace, as it was looked at a moment ago.
 *
 * @param source no link is in it
 * @param identity its device and inode: what the box shows must be this very folder
 */
public record HostFolder(String name, Path source, boolean writable, String identity) {}
