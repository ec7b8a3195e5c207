package io.agentledger.api.session;

import io.agentledger.api.content.Content;

/**
 * A {@link SessionDirectory} that a session opens with, as its opening records it.
 *
 * @param name under which it is seen, in the folder {@link SessionDirectory#MOUNT_ROOT}
 * @param writable as far as the operator still has it writable
 * @param hostPath of a folder that is not the operator's; absent for the operator's folders
 */
public record SealedDirectory(String name, boolean writable, Content hostPath) {}
