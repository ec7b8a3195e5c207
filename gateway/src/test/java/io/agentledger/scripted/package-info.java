/** Sides that a test writes, for what the real house cannot be made to do at will. */
@NullMarked
package io.agentledger.scripted;

import org.jspecify.annotations.NullMarked;
