/** Read models of checkpoints and directories. */
@org.jspecify.annotations.NullMarked
package io.agentledger.projection.session.workspace;
