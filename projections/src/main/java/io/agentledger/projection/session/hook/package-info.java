/** Read model of the hooks that are attached to sessions. */
@NullMarked
package io.agentledger.projection.session.hook;

import org.jspecify.annotations.NullMarked;
