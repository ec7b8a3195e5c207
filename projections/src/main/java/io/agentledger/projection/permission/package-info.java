/** Read models of policies, their versions, tool groups and decisions. */
@NullMarked
package io.agentledger.projection.permission;

import org.jspecify.annotations.NullMarked;
