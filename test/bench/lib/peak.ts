// AssemblyScript. Twelve sums that wait for nobody but themselves: as many fused multiply-adds as the machine can do on 128 bits.
// x and y are handed in: V8 would build constants anew in every round.
export function peak(rounds: i32, a: f32, b: f32): f32 {
	const x = f32x4.splat(a),
		y = f32x4.splat(b);
	let s0 = x,
		s1 = x,
		s2 = x,
		s3 = x,
		s4 = x,
		s5 = x,
		s6 = x,
		s7 = x,
		s8 = x,
		s9 = x,
		s10 = x,
		s11 = x;
	for (let i = 0; i < rounds; i++) {
		s0 = f32x4.relaxed_madd(x, y, s0);
		s1 = f32x4.relaxed_madd(x, y, s1);
		s2 = f32x4.relaxed_madd(x, y, s2);
		s3 = f32x4.relaxed_madd(x, y, s3);
		s4 = f32x4.relaxed_madd(x, y, s4);
		s5 = f32x4.relaxed_madd(x, y, s5);
		s6 = f32x4.relaxed_madd(x, y, s6);
		s7 = f32x4.relaxed_madd(x, y, s7);
		s8 = f32x4.relaxed_madd(x, y, s8);
		s9 = f32x4.relaxed_madd(x, y, s9);
		s10 = f32x4.relaxed_madd(x, y, s10);
		s11 = f32x4.relaxed_madd(x, y, s11);
	}
	const low = f32x4.add(
		f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)),
		f32x4.add(s4, s5),
	);
	const high = f32x4.add(
		f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)),
		f32x4.add(s10, s11),
	);
	return f32x4.extract_lane(f32x4.add(low, high), 0);
}
