/** Answers what is asked about templates. */
@NullMarked
package io.agentledger.query.template;

import org.jspecify.annotations.NullMarked;
