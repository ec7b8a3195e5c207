/** Answers: what may be asked is answered from read models and from the events themselves. */
@NullMarked
package io.agentledger.query;

import org.jspecify.annotations.NullMarked;
