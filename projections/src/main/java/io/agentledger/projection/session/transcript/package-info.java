/** Read models of messages, tool calls and pending actions. */
@org.jspecify.annotations.NullMarked
package io.agentledger.projection.session.transcript;
