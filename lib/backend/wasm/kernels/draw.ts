import { bytes } from "./simd";

/**
 * out [n] ← `one` where a uniform number is below `limit`, 0 elsewhere. Each number is 53 bits from two words of an sfc32, whose four
 * words of state are at `state`.
 */
export function draw(n: i32, limit: f64, one: f32, state: usize, out: usize): void {
	let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12);
	const most = <u64>Math.ceil(limit); // a whole number is below the limit exactly if it is below the limit rounded up
	for (let i = 0; i < n; i++) {
		const high = a + b + d++;
		a = b ^ (b >> 9);
		b = c + (c << 3);
		c = rotl<u32>(c, 21) + high;
		const low = a + b + d++;
		a = b ^ (b >> 9);
		b = c + (c << 3);
		c = rotl<u32>(c, 21) + low;
		const unit = (<u64>(high >> 5) << 26) | <u64>(low >> 6);
		store<f32>(out + bytes(i), select<f32>(one, 0, unit < most));
	}
	store<u32>(state, a);
	store<u32>(state, b, 4);
	store<u32>(state, c, 8);
	store<u32>(state, d, 12);
}
