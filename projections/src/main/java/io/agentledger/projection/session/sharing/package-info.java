/** Read model of the users that a session is shared with. */
@org.jspecify.annotations.NullMarked
package io.agentledger.projection.session.sharing;
