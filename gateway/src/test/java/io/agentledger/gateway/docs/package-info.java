/** Generator of the pages about features from the code of all modules. */
@NullMarked
package io.agentledger.gateway.docs;

import org.jspecify.annotations.NullMarked;
