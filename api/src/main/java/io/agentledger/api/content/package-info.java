/** Sealed content: what a person could ask to have erased. */
@NullMarked
package io.agentledger.api.content;

import org.jspecify.annotations.NullMarked;
