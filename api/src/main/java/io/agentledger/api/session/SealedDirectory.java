package io.agentledger.api.session;

import io.agentledger.api.content.Content;

/**
 * A {@link SessionDirectory} that a session opens with, as its opening event contains it.
 *
 * @param name name of the mount below {@link SessionDirectory#MOUNT_ROOT}
 * @param writable whether it is mounted writable, if the operator still permits that
 * @param hostPath path of a directory that the operator has not named; absent for the operator's
 *     directories
 */
public record SealedDirectory(String name, boolean writable, Content hostPath) {}
