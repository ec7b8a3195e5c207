/** Files, uploads, checkpoints and additional directories of sessions. */
@NullMarked
package io.agentledger.gateway.session.workspace;

import org.jspecify.annotations.NullMarked;
