/** Templates as they stand, what they said before, and how often they were used. */
@NullMarked
package io.agentledger.projection.template;

import org.jspecify.annotations.NullMarked;
