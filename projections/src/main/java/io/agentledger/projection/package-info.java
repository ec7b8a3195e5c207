/** Remembers: events become read models that can be emptied and filled again at any time. */
@NullMarked
package io.agentledger.projection;

import org.jspecify.annotations.NullMarked;
