/** What every deciding feature stands on: the way commands go, and wishes that are kept once. */
@NullMarked
package io.agentledger.command.support;

import org.jspecify.annotations.NullMarked;
