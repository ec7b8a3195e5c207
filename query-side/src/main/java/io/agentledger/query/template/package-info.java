/** Queries about templates. */
@NullMarked
package io.agentledger.query.template;

import org.jspecify.annotations.NullMarked;
