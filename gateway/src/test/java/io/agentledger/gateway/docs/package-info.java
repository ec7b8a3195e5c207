/** The pages about features, made from the code of all modules. */
@NullMarked
package io.agentledger.gateway.docs;

import org.jspecify.annotations.NullMarked;
